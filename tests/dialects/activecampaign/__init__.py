"""Tests of activecampaign."""
