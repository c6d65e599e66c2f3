"""Tests of locating license evidence."""
