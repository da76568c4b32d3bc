"""From an artefact to predictions: preprocessing, heads, NMS, and a model run over a data set."""
