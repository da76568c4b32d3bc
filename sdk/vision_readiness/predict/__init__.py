"""From an artefact to answers: preprocessing, heads, suppression, and a model run over a data set."""
