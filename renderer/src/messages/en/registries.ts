export const registries = {
  'search.label': 'Look for it',
  'search.start': 'Search',
  'search.hint': 'On Docker Hub, or in the registry that the name begins with.',
  'search.results': 'Images that were found',
  'search.official': 'official',
  'search.stars': '{count} stars',
  'tags.label': 'Tags',
  'tags.show': 'Show tags',
  'tags.choose': '{count, plural, =0 {No tags} one {# tag} other {# tags}}',
} as const;
