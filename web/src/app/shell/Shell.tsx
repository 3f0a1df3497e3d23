/** The frame around every page of a signed-in person: navigation, search, account, live updates. */
import {
  ActionIcon,
  AppShell,
  Box,
  Burger,
  Group,
  Kbd,
  Tooltip,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '@/api/live';
import { sessionQuery } from '@/api/session';
import { AccountMenu } from './AccountMenu';
import { CommandPalette } from './CommandPalette';
import { Navigation } from './Navigation';
import { isBuilder } from './nav';
import { palette } from './palette-store';
import classes from './shell.module.css';

export function Shell() {
  const { data: session } = useQuery(sessionQuery);
  return session ? <Frame /> : <ToSignIn />;
}

/** The session may end while a page is open; signing in leads back to it. */
function ToSignIn() {
  const router = useRouter();
  useEffect(() => {
    void router.navigate({ to: '/sign-in', search: { next: router.state.location.href }, replace: true });
  }, [router]);
  return null;
}

function Frame() {
  const { t } = useTranslation('app');
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const isRail = isBuilder(pathname);
  useLive(true);
  return (
    <AppShell
      navbar={{ width: isRail ? 60 : 236, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      header={{ height: 52 }}
      layout="alt"
    >
      <a href="#content" className={classes.skip}>
        {t('skip')}
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('nav.toggle')} />
          <UnstyledButton className={classes.search} onClick={palette.open} aria-label={t('search.open')}>
            <IconSearch size={16} stroke={1.8} aria-hidden />
            <span>{t('search.hint')}</span>
            <Kbd size="xs" visibleFrom="xs">
              Ctrl K
            </Kbd>
          </UnstyledButton>
          <Box flex={1} />
          <SchemeSwitch />
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <Navigation isRail={isRail} onNavigate={close} />
      {isOpen && <Box className={classes.curtain} hiddenFrom="sm" onClick={close} aria-hidden />}
      <AppShell.Main id="content" tabIndex={-1} className={classes.main} data-flush={isRail || undefined}>
        <Outlet />
      </AppShell.Main>
      <CommandPalette />
    </AppShell>
  );
}

function SchemeSwitch() {
  const { t } = useTranslation('app');
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const label = scheme === 'dark' ? t('scheme.toLight') : t('scheme.toDark');
  return (
    <Tooltip label={label}>
      <ActionIcon size="lg" aria-label={label} onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}>
        {scheme === 'dark' ? <IconSun size={18} stroke={1.7} /> : <IconMoon size={18} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}
