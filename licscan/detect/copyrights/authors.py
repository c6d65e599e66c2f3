"""Authors: names behind `@author`, `Author:`, `written by` and the like."""

from __future__ import annotations
