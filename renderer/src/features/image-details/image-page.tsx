import { Suspense } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import type { ContainerSummary, ImageDetails } from '@longshore/engine/types';
import { lazyPart } from '../../lib/lazy-part.tsx';
import { useText } from '../../messages/use-text.ts';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useContainers } from '../containers/queries.ts';
import { DetailsStatus } from '../details/details-status.tsx';
import { imageName, imagePath } from '../images/image-list.ts';
import { useImageDetails } from '../images/queries.ts';
import { EngineNotice } from '../system/engine-notice.tsx';
import { ImageHeader } from './image-header.tsx';
import { ImageOverviewTab } from './image-overview-tab.tsx';
import { LayersTab } from './layers-tab.tsx';
import { IMAGE_TABS, type ImageTab, isImageTab } from './tabs.ts';
import { UsedByTab } from './used-by-tab.tsx';
import '../details/details.css';
import './image-details.css';

const ImageFilesTab = lazyPart(() =>
  import('../image-files/image-files-tab.tsx').then(({ ImageFilesTab: tab }) => ({ default: tab })),
);
const InspectView = lazyPart(() => import('../details/inspect-view.tsx'));

export function ImagePage() {
  const { id = '', tab } = useParams();
  const query = useImageDetails(id);
  if (!isImageTab(tab)) return <Navigate to={`/images/${id}/overview`} replace />;
  return (
    <DetailsStatus query={query} list="images">
      {(image) => <Details image={image} tab={tab} />}
    </DetailsStatus>
  );
}

interface DetailsProps {
  readonly image: ImageDetails;
  readonly tab: ImageTab;
}

function Details({ image, tab }: DetailsProps) {
  const t = useText();
  const navigate = useNavigate();
  const containers = useContainers();
  const users = containers.data?.filter((container) => container.image.id === image.id) ?? [];
  const counts: Partial<Record<ImageTab, number>> = { layers: image.layers.length, 'used-by': users.length };
  return (
    <section className="page" aria-label={imageName(image)}>
      <EngineNotice />
      <ImageHeader image={image} />
      <Tabs
        label={t('images.details.tabs')}
        value={tab}
        tabs={IMAGE_TABS.map((value) => {
          const count = counts[value];
          return { value, label: t(`tab.${value}`), ...(count !== undefined && { count }) };
        })}
        onChange={(next) => void navigate(imagePath(image, next))}
      >
        <Suspense fallback={<SkeletonRows label={t('images.details.loading')} />}>
          <TabContent image={image} tab={tab} users={users} />
        </Suspense>
      </Tabs>
    </section>
  );
}

interface TabContentProps extends DetailsProps {
  readonly users: readonly ContainerSummary[];
}

function TabContent({ image, tab, users }: TabContentProps) {
  switch (tab) {
    case 'overview':
      return <ImageOverviewTab image={image} />;
    case 'layers':
      return <LayersTab image={image} />;
    case 'files':
      return <ImageFilesTab image={image} />;
    case 'used-by':
      return <UsedByTab image={image} containers={users} />;
    case 'inspect':
      return <InspectView value={image} />;
  }
}
