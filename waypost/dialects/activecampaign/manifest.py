"""ActiveCampaign's v3 as the application mounts it."""

from waypost.dialects.activecampaign.app import PREFIX, Application
from waypost.dialects.activecampaign.jobs import TellOfBatch
from waypost.kernel.registry import Domain

DOMAIN = Domain(name="activecampaign", raw_routes={PREFIX: Application}, jobs=(TellOfBatch,))
