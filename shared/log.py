"""Logs: one JSON object a line, with stable event names, never with an address or a name. Somebody
who looks at a terminal gets the same as text."""

import logging
import sys

import structlog


def configure(level: int = logging.INFO) -> None:
    """Send all logs, also those of libraries, to standard error."""
    render: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if sys.stderr.isatty():
        render = structlog.dev.ConsoleRenderer()
    chain: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *chain,
            structlog.processors.dict_tracebacks,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=render, foreign_pre_chain=chain)
    )
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)


def get(service: str) -> structlog.typing.FilteringBoundLogger:
    """A logger whose lines carry the service's name."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(service=service)
    return logger
