"""`hermes verify`: proves purchase -> listing -> staff screen from outside, and names the broken hop."""

from directory_bolt.verify.target import Target
from directory_bolt.verify.verification import verify

__all__ = ["Target", "verify"]
