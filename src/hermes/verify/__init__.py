"""`hermes verify`: proves purchase -> listing -> staff screen from outside, and names the broken hop."""

from hermes.verify.target import Target
from hermes.verify.verifying import verify

__all__ = ["Target", "verify"]
