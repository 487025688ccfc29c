import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { IntlProvider } from 'react-intl';
import { createHashRouter, RouterProvider } from 'react-router';
import { type EngineConnection, EngineProvider } from '../bridge/index.ts';
import { en } from '../messages/en/index.ts';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { createQueryClient } from './query-client.ts';
import { routes } from './routes.tsx';

interface AppProps {
  readonly connection: EngineConnection;
}

export function App({ connection }: AppProps) {
  const [queries] = useState(() => createQueryClient(connection));
  const [router] = useState(() => createHashRouter(routes));
  return (
    <IntlProvider locale="en" messages={en}>
      <EngineProvider connection={connection}>
        <QueryClientProvider client={queries}>
          <TooltipProvider>
            <RouterProvider router={router} />
          </TooltipProvider>
        </QueryClientProvider>
      </EngineProvider>
    </IntlProvider>
  );
}
