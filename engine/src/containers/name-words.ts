/** Words of generated names: a mood and a seafarer, lighthouse builder or oceanographer. */
export const ADJECTIVES: readonly string[] = words(`
  able adrift anchored brave breezy bright brisk briny buoyant calm charted clear coastal curious
  daring deep driven eager even fair fearless fleet gallant gentle glad golden hardy hearty homeward
  humble jolly keen kind laden lively loyal lucky mellow merry mighty misty nimble noble northern
  patient plucky polar prompt proud quick quiet ready restful rolling salty seaworthy serene sharp
  shipshape silent snug southern stately steady stout sturdy sunny sure swift tidal tidy trim trusty
  upbeat vivid watchful western windward wise witty
`);

export const SURNAMES: readonly string[] = words(`
  amundsen aubert baffin ballard banks barents baret beaufort bering bligh bowditch cabot carson
  cartier chichester cook cousteau cunliffe dampier davis drake earle ekman elcano erikson fitzroy
  flinders franklin fresnel frobisher gama grenfell hadley halley harrison henson heyerdahl hudson
  humboldt ibnmajid johnson kolbe lander laperouse magellan maury mercator merian moitessier mullins
  nansen nightingale nunez ohlin parry piccard pytheas rackham ross scott selkirk shackleton slocum
  smeaton stevenson tasman tharp tupaia vancouver vespucci villiers wallis wilkes winstanley yeats
  zarco zheng
`);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
