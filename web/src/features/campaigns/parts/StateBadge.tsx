/** The state of a campaign as a badge; of a draft also that somebody waits for its approval, or got it. */
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../api';
import { isRecurring, stateColors } from '../model';

export function StateBadge({ campaign }: { campaign: Campaign }) {
  const { state, approval } = campaign;
  const { t } = useTranslation('campaigns');
  if (state === 'draft' && approval && approval.decision !== 'approved') {
    return (
      <Badge miw="max-content" color={approval.decision === 'asked' ? 'indigo' : 'orange'}>
        {t(`approval.badge.${approval.decision}`)}
      </Badge>
    );
  }
  return (
    <Badge miw="max-content" color={stateColors[state]}>
      {t(isRecurring(campaign) && state === 'sending' ? 'states.running' : `states.${state}`)}
    </Badge>
  );
}
