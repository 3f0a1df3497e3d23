/** The buttons above the canvas: looking on the left, changing in the middle, running at the end. */
import { ActionIcon, Tooltip } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

type Props = {
  /** Undo and redo. */
  history?: ReactNode;
  /** Panels and pages about the automation: settings, report, versions, test run. */
  looks: ReactNode;
  /** Publishing, starting and pausing. */
  run?: ReactNode;
};

export function Toolbar({ history, looks, run }: Props) {
  return (
    <>
      {history}
      {looks}
      {run}
    </>
  );
}

type LookProps = { label: string; icon: Icon; isOn?: boolean; onClick: () => void };

/** One button of the toolbar, named by its tooltip. */
export function Look({ label, icon: Face, isOn, onClick }: LookProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={isOn ? 'light' : 'subtle'}
        color={isOn ? 'brand' : 'gray'}
        aria-label={label}
        aria-pressed={isOn}
        onClick={onClick}
      >
        <Face size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
