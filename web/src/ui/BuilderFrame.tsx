/**
 * The frame shared by the builders: a bar on top, a palette on the left, the canvas, an inspector on the right.
 * On a phone the palette folds away and the inspector lies over the canvas.
 */

import { IconArrowLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './builder.module.css';
import { LinkAction } from './links';

type Props = {
  /** Where the arrow leads. */
  back: '/automations' | '/messages';
  /** Name, status and saved mark, beside the arrow. */
  heading: ReactNode;
  /** Undo, redo and the main button, at the right end. */
  actions: ReactNode;
  palette?: ReactNode;
  inspector?: ReactNode;
  children: ReactNode;
};

export function BuilderFrame({ back, heading, actions, palette, inspector, children }: Props) {
  const { t } = useTranslation('ui');
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <LinkAction to={back} aria-label={t('back')}>
          <IconArrowLeft size={18} />
        </LinkAction>
        <div className={classes.heading}>{heading}</div>
        <div className={classes.actions}>{actions}</div>
      </div>
      <div className={classes.body}>
        {palette && (
          <aside className={classes.palette} aria-label={t('palette')} tabIndex={0}>
            {palette}
          </aside>
        )}
        <div className={classes.canvas}>{children}</div>
        {inspector && (
          <aside className={classes.inspector} aria-label={t('inspector')}>
            {inspector}
          </aside>
        )}
      </div>
    </div>
  );
}
