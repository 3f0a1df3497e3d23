/** The state of a campaign as a badge. */
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CampaignState } from '../api';
import { stateColors } from '../model';

export function StateBadge({ state }: { state: CampaignState }) {
  const { t } = useTranslation('campaigns');
  return (
    <Badge miw="max-content" color={stateColors[state]}>
      {t(`states.${state}`)}
    </Badge>
  );
}
