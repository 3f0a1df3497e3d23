/** Asks before deleting what other things may name: says by whom it is used, and waits until nobody does. */
import type { ReactNode } from 'react';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { UsedBy, type UsedNoun, useIsKept } from './UsedBy';

type Props = {
  noun: UsedNoun;
  /** What is to be deleted; null while nothing is. */
  id: number | null;
  title: string;
  children: ReactNode;
  action: string;
  loading: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

export function DeleteDialog({ noun, id, children, ...rest }: Props) {
  const isKept = useIsKept(noun, id);
  return (
    <ConfirmDialog opened={id !== null} disabled={isKept} {...rest}>
      {children}
      {id !== null && <UsedBy noun={noun} id={id} />}
    </ConfirmDialog>
  );
}
