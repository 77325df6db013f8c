"""Directory-Bolt on the engines that live outside: Prefect, and SQS beside it."""
