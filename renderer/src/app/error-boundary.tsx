import { Component, type ReactNode } from 'react';
import { PartNotLoaded } from '../lib/lazy-part.tsx';
import { useText } from '../messages/use-text.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';

interface ErrorBoundaryProps {
  /** When this changes, what is inside is tried again. */
  readonly resetKey: unknown;
  /** Puts the words about the failure where the failed part would have been; left out: in place of it. */
  readonly frame?: (words: ReactNode) => ReactNode;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error: Error | undefined;
  readonly resetKey: unknown;
}

/** A bug in one page costs that page, with words, and never the window; so does a page whose code did not come. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: undefined, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: Error): Partial<ErrorBoundaryState> {
    return { error };
  }

  static getDerivedStateFromProps(
    props: ErrorBoundaryProps,
    state: ErrorBoundaryState,
  ): Partial<ErrorBoundaryState> | null {
    return props.resetKey === state.resetKey ? null : { error: undefined, resetKey: props.resetKey };
  }

  override componentDidCatch(error: Error): void {
    if (error instanceof PartNotLoaded) error.forget();
  }

  override render(): ReactNode {
    const { error } = this.state;
    const { children, frame = (words: ReactNode) => words } = this.props;
    if (error === undefined) return children;
    return frame(
      error instanceof PartNotLoaded ? (
        <MissingPart error={error} onRetry={this.#retry} />
      ) : (
        <BrokenPage error={error} onRetry={this.#retry} />
      ),
    );
  }

  readonly #retry = () => this.setState({ error: undefined });
}

interface FailureProps {
  readonly error: Error;
  readonly onRetry: () => void;
}

function BrokenPage({ error, onRetry }: FailureProps) {
  const t = useText();
  return (
    <EmptyState title={t('broken.title')} text={t('broken.text')}>
      <div className="empty-actions">
        <ErrorNotice title={error.message} details={error.stack} />
        <Button variant="primary" icon="restart" onClick={onRetry}>
          {t('broken.again')}
        </Button>
      </div>
    </EmptyState>
  );
}

/** Trying again helps where the network was away, drawing the window anew where it is another one than the engine's. */
function MissingPart({ error, onRetry }: FailureProps) {
  const t = useText();
  return (
    <EmptyState title={t('broken.missing')} text={t('broken.missingText')}>
      <div className="empty-actions">
        <ErrorNotice title={error.message} />
        <Button variant="primary" icon="restart" onClick={onRetry}>
          {t('broken.again')}
        </Button>
        <Button onClick={() => location.reload()}>{t('broken.reload')}</Button>
      </div>
    </EmptyState>
  );
}
