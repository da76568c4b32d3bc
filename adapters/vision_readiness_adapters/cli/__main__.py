"""``python -m vision_readiness_adapters.cli``, where the command itself is not on the path."""

from vision_readiness_adapters.cli import main

if __name__ == "__main__":
    main()
