__all__ = ["VERSION"]
VERSION: str = "9.1.2"
