"""Workload identity: tokens that are exchanged, kept and renewed."""

from .sts import StsTokenProvider as StsTokenProvider

__all__ = ["StsTokenProvider"]
