import { Component, type ReactNode } from 'react';
import { useText } from '../messages/use-text.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';

interface ErrorBoundaryProps {
  /** When this changes, what is inside is tried again. */
  readonly resetKey: string;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error: Error | undefined;
  readonly resetKey: string;
}

/** A bug in one page costs that page, with words, and never the window. */
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

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <BrokenPage error={error} onRetry={() => this.setState({ error: undefined })} />;
  }
}

interface BrokenPageProps {
  readonly error: Error;
  readonly onRetry: () => void;
}

function BrokenPage({ error, onRetry }: BrokenPageProps) {
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
