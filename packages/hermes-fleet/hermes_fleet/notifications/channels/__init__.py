"""The channels that alerts can be sent over."""

from hermes_fleet.notifications.channels.apprise_urls import AppriseUrls
from hermes_fleet.notifications.channels.channel import Channel
from hermes_fleet.notifications.channels.discord import Discord
from hermes_fleet.notifications.channels.mail import Mail
from hermes_fleet.notifications.channels.slack import Slack
from hermes_fleet.notifications.channels.webhook import Webhook

CHANNELS: dict[str, type[Channel]] = {
    channel.name: channel for channel in (Mail, Slack, Discord, Webhook, AppriseUrls)
}
"""By name, in the order in which people see them."""
SECRET_NAMES = ", ".join(channel.secret_name for channel in CHANNELS.values())
