/** Where one is in the import: file, columns, check, result. */
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from '../imports.module.css';

export const steps = ['file', 'columns', 'check', 'result'] as const;
export type StepName = (typeof steps)[number];

export function Steps({ current }: { current: StepName }) {
  const { t } = useTranslation('imports');
  const at = steps.indexOf(current);
  return (
    <ol className={classes.steps} aria-label={t('steps.label')}>
      {steps.map((step, index) => (
        <li
          key={step}
          data-done={index < at || undefined}
          data-current={index === at || undefined}
          aria-current={index === at ? 'step' : undefined}
        >
          <span className={classes.bullet} aria-hidden>
            {index < at ? <IconCheck size={14} stroke={2.5} /> : index + 1}
          </span>
          <span className={classes.stepName}>{t(`steps.${step}`)}</span>
        </li>
      ))}
    </ol>
  );
}
