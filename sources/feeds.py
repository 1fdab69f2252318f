from pathlib import Path
from sources.problems import Problem, UnreadableFile
from sources.registration_statistics import af_competitiveness, af_timeseries, contacts, mstatkommun, registrations
def recognise(path: Path, name: str) -> str:
    for m in (af_timeseries, af_competitiveness, mstatkommun, contacts, registrations):
        if m.recognises(path): return m.__name__.rsplit(".",1)[1]
    raise UnreadableFile(Problem(name, "unknown layout", "a known one"))
