import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import '../ui/tokens.css';
import '../ui/base.css';
import '../bridge/no-eval.ts';
import { createRoot } from 'react-dom/client';
import { IntlProvider } from 'react-intl';
import { en } from '../messages/en/index.ts';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { Gallery } from './gallery.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
createRoot(root).render(
  <IntlProvider locale="en" messages={en}>
    <TooltipProvider>
      <Gallery />
    </TooltipProvider>
  </IntlProvider>,
);
