import { type DragEvent, useRef, useState } from 'react';

export interface FileDrop {
  /** Something is held over the element. */
  readonly over: boolean;
  readonly onDragEnter: (event: DragEvent) => void;
  readonly onDragLeave: () => void;
  readonly onDragOver: (event: DragEvent) => void;
  readonly onDrop: (event: DragEvent) => void;
}

/** Files that are dragged over an element, and let go there. All but `over` are properties of the element. */
export function useFileDrop(onFiles: (transfer: DataTransfer) => void): FileDrop {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer.types.includes('Files');
  return {
    over,
    onDragEnter: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth.current += 1;
      setOver(true);
    },
    onDragLeave: () => {
      depth.current = Math.max(0, depth.current - 1);
      if (depth.current === 0) setOver(false);
    },
    onDragOver: (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      onFiles(event.dataTransfer);
    },
  };
}
