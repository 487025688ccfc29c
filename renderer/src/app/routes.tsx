import { Navigate, type RouteObject } from 'react-router';
import { BuildPage } from '../features/build-details/build-page.tsx';
import { BuildsPage } from '../features/builds/builds-page.tsx';
import { ContainerPage } from '../features/container-details/container-page.tsx';
import { ContainersPage } from '../features/containers/containers-page.tsx';
import { DiskPage } from '../features/disk/disk-page.tsx';
import { EventsPage } from '../features/events/events-page.tsx';
import { ImagePage } from '../features/image-details/image-page.tsx';
import { ImagesPage } from '../features/images/images-page.tsx';
import { NetworkPage } from '../features/network-details/network-page.tsx';
import { MapPage } from '../features/network-map/map-page.tsx';
import { NetworksPage } from '../features/networks/networks-page.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import { VolumePage } from '../features/volume-details/volume-page.tsx';
import { TrashPage } from '../features/volumes/trash-page.tsx';
import { VolumesPage } from '../features/volumes/volumes-page.tsx';
import { Shell } from './shell.tsx';

export const routes: RouteObject[] = [
  {
    element: <Shell />,
    children: [
      { path: '/containers', element: <ContainersPage /> },
      { path: '/containers/:id', element: <Navigate to="overview" replace /> },
      { path: '/containers/:id/:tab', element: <ContainerPage /> },
      { path: '/images', element: <ImagesPage /> },
      { path: '/images/:id', element: <Navigate to="overview" replace /> },
      { path: '/images/:id/:tab', element: <ImagePage /> },
      { path: '/builds', element: <BuildsPage /> },
      { path: '/builds/:id', element: <Navigate to="steps" replace /> },
      { path: '/builds/:id/:tab', element: <BuildPage /> },
      { path: '/volumes', element: <VolumesPage /> },
      { path: '/volumes/trash', element: <TrashPage /> },
      { path: '/volumes/:name', element: <Navigate to="files" replace /> },
      { path: '/volumes/:name/:tab', element: <VolumePage /> },
      { path: '/networks', element: <NetworksPage /> },
      { path: '/networks/map', element: <MapPage /> },
      { path: '/networks/:id', element: <Navigate to="overview" replace /> },
      { path: '/networks/:id/:tab', element: <NetworkPage /> },
      { path: '/events', element: <EventsPage /> },
      { path: '/disk', element: <DiskPage /> },
      { path: '/settings', element: <Navigate to="registries" replace /> },
      { path: '/settings/:tab', element: <SettingsPage /> },
      { path: '*', element: <Navigate to="/containers" replace /> },
    ],
  },
];
