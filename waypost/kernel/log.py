"""Structured logs: one JSON object a line, secrets left out by the callers' rule never to pass them."""

from __future__ import annotations

import logging
import sys
from typing import cast

import structlog
from structlog.typing import FilteringBoundLogger

log = cast("FilteringBoundLogger", structlog.get_logger())


def configure(level: str = "info", *, pretty: bool | None = None) -> None:
    """Send logs to stderr, as JSON or (on a terminal) as coloured text."""
    number = getattr(logging, level.upper())
    human = sys.stderr.isatty() if pretty is None else pretty
    renderer = structlog.dev.ConsoleRenderer() if human else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr)
