import { Navigate, type RouteObject } from 'react-router';
import { ContainerPage } from '../features/container-details/container-page.tsx';
import { ContainersPage } from '../features/containers/containers-page.tsx';
import { ImagePage } from '../features/image-details/image-page.tsx';
import { ImagesPage } from '../features/images/images-page.tsx';
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
      { path: '*', element: <Navigate to="/containers" replace /> },
    ],
  },
];
