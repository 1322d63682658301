"""The server's half: what a server grants, and what it answers to a request. No I/O, no framework.

    from crossorigin.policy import Policy, RequestFacts, decide

    policy = Policy(allow_origins=["https://app.example.com"], allow_methods=["PUT"])
    decision = decide(policy, RequestFacts(method=b"GET", origin=b"https://app.example.com"))
    decision.headers       # ((b"access-control-allow-origin", b"https://app.example.com"),)

Only the standard library is imported, and the Public Suffix List when a pattern has a `*.`.
"""

from crossorigin.policy.compiled import CompiledPolicy
from crossorigin.policy.decide import Decision, Kind, decide
from crossorigin.policy.diff import PolicyDiff
from crossorigin.policy.environ import policy_from_environ
from crossorigin.policy.facts import RequestFacts
from crossorigin.policy.live import LivePolicy
from crossorigin.policy.load import PolicyFileError, check_file, load_policies, load_policy, policy_from_dict
from crossorigin.policy.policy import Policy
from crossorigin.policy.problems import PROBLEMS, PolicyError, Problem, ProblemCode
from crossorigin.policy.steps import Step

__all__ = [
    "PROBLEMS",
    "CompiledPolicy",
    "Decision",
    "Kind",
    "LivePolicy",
    "Policy",
    "PolicyDiff",
    "PolicyError",
    "PolicyFileError",
    "Problem",
    "ProblemCode",
    "RequestFacts",
    "Step",
    "check_file",
    "decide",
    "load_policies",
    "load_policy",
    "policy_from_dict",
    "policy_from_environ",
]
