import { AppShell, ScrollArea, Text } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { Logo } from '@/ui/Logo';
import { footer, groups, type NavItem, sectionOf } from './nav';
import classes from './shell.module.css';

export function Navigation({ isRail, onNavigate }: { isRail: boolean; onNavigate: () => void }) {
  const { t } = useTranslation('app');
  const { workspace } = useSession();
  return (
    <AppShell.Navbar className={classes.navbar} aria-label={t('nav.label')} data-rail={isRail || undefined}>
      <Link to="/dashboard" className={classes.workspace} onClick={onNavigate}>
        <Logo />
        <span className={classes.workspaceText}>
          <Text component="span" fw={600} size="sm" lh={1.25} display="block" truncate c="var(--mantine-color-text)">
            {workspace.name}
          </Text>
          <Text component="span" size="xs" c="dimmed" lh={1.25} display="block">
            {t('name')}
          </Text>
        </span>
      </Link>
      <AppShell.Section grow component={ScrollArea} scrollbarSize={6} px={10}>
        {groups.map((group) => (
          <div key={group.id} className={classes.group}>
            {'title' in group && <div className={classes.groupTitle}>{t(`nav.${group.title}`)}</div>}
            {group.items.map((item) => (
              <NavLink key={item.id} item={item} onClick={onNavigate} />
            ))}
          </div>
        ))}
      </AppShell.Section>
      <AppShell.Section p={10} className={classes.navFooter}>
        {footer.map((item) => (
          <NavLink key={item.id} item={item} onClick={onNavigate} />
        ))}
      </AppShell.Section>
    </AppShell.Navbar>
  );
}

function NavLink({ item, onClick }: { item: NavItem; onClick: () => void }) {
  const { t } = useTranslation('app');
  const isActive = sectionOf(useLocation().pathname) === item.id;
  const Icon = item.icon;
  return (
    <Link
      {...item.link}
      className={classes.link}
      title={t(`nav.${item.id}`)}
      data-active={isActive || undefined}
      aria-current={isActive ? 'page' : undefined}
      activeProps={{}}
      onClick={onClick}
    >
      <Icon size={18} stroke={1.7} className={classes.linkIcon} aria-hidden />
      <span className={classes.linkText}>{t(`nav.${item.id}`)}</span>
    </Link>
  );
}
