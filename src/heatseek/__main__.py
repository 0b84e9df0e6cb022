"""`python -m heatseek`, which is `heatseek`."""

from heatseek.cli.main import heatseek

if __name__ == "__main__":
    heatseek()
