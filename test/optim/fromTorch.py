"""Writes fromTorch.json, the numbers that optimizers.test.ts and schedules.test.ts hold Weft against: python3 fromTorch.py > fromTorch.json

Weights and slopes are those of the tests; everything is float64.
"""

import json
import math

import torch
from torch.optim import lr_scheduler as schedulers

torch.set_default_dtype(torch.float64)
STEPS = 20
TOLD = [1, 2, 5, 10, 15, 20]
WEIGHTS = [0.5, -0.25, 2, 0, -1, 1e-3]
SLOPES = [
    lambda step: 0,
    lambda step: 1e30,
    lambda step: -1e-30,
    lambda step: 0.3,
    lambda step: 2 if step % 2 == 0 else -1,
    lambda step: 0 if step < 10 else 1e-3,
]


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, arXiv 2302.06675, algorithm 2."""

    def __init__(self, params, lr, betas, weight_decay):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                beta1, beta2 = group["betas"]
                c = beta1 * m + (1 - beta1) * p.grad
                p.sub_(group["lr"] * (torch.sign(c) + group["weight_decay"] * p))
                m.mul_(beta2).add_(p.grad, alpha=1 - beta2)


def follow(make):
    w = torch.tensor(WEIGHTS, requires_grad=True)
    optimizer = make([w])
    told = []
    for step in range(1, STEPS + 1):
        w.grad = torch.tensor([float(slope(step)) for slope in SLOPES])
        optimizer.step()
        if step in TOLD:
            told.append(w.detach().tolist())
    return told


optim = torch.optim
OPTIMIZERS = {
    "sgd": lambda p: optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-4),
    "adam": lambda p: optim.Adam(p, lr=0.001, weight_decay=0.01),
    "adamW": lambda p: optim.AdamW(p, lr=0.001),
    "adamW with all options": lambda p: optim.AdamW(p, lr=0.1, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.5),
    "rmsprop": lambda p: optim.RMSprop(p),
    "rmsprop with momentum": lambda p: optim.RMSprop(p, lr=0.02, alpha=0.9, momentum=0.8, weight_decay=0.1),
    "rmsprop centered": lambda p: optim.RMSprop(p, lr=0.02, eps=1e-3, centered=True),
    "rmsprop with all options": lambda p: optim.RMSprop(
        p, lr=0.02, alpha=0.9, eps=1e-2, momentum=0.5, centered=True, weight_decay=0.1
    ),
    "adagrad": lambda p: optim.Adagrad(p),
    "adagrad with all options": lambda p: optim.Adagrad(p, lr=0.1, lr_decay=0.25, eps=1e-3, weight_decay=0.1),
    "lion": lambda p: Lion(p, lr=1e-4, betas=(0.9, 0.99), weight_decay=0),
    "lion with all options": lambda p: Lion(p, lr=0.01, betas=(0.5, 0.75), weight_decay=0.1),
}


def rates(make, steps, drive=None):
    optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    told = []
    for step in range(steps):
        told.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step() if drive is None else scheduler.step(drive(step))
    return told


def warm(optimizer, then, steps, start):
    first = schedulers.LinearLR(optimizer, start_factor=start, total_iters=steps)
    return schedulers.SequentialLR(optimizer, [first, then(optimizer)], milestones=[steps])


SCHEDULES = {
    "constant": lambda o: schedulers.LambdaLR(o, lambda step: 1),
    "step": lambda o: schedulers.StepLR(o, step_size=5, gamma=0.5),
    "multi-step": lambda o: schedulers.MultiStepLR(o, milestones=[3, 4, 9], gamma=0.3),
    "exponential": lambda o: schedulers.ExponentialLR(o, gamma=0.8),
    "cosine": lambda o: schedulers.CosineAnnealingLR(o, T_max=15, eta_min=0.1),
    "cosine with warm restarts": lambda o: schedulers.CosineAnnealingWarmRestarts(o, T_0=3, T_mult=2, eta_min=0.1),
    "one cycle": lambda o: schedulers.OneCycleLR(o, max_lr=1.0, total_steps=25, cycle_momentum=False),
    "one cycle, linear, three phases": lambda o: schedulers.OneCycleLR(
        o,
        max_lr=1.0,
        total_steps=25,
        pct_start=0.4,
        anneal_strategy="linear",
        div_factor=10,
        final_div_factor=100,
        three_phase=True,
        cycle_momentum=False,
    ),
    "linear warm-up, then step": lambda o: warm(o, lambda p: schedulers.StepLR(p, step_size=4, gamma=0.5), 6, 0.1),
}

PLATEAUS = {
    "min": {"factor": 0.5, "patience": 2},
    "max with cooldown": {"mode": "max", "factor": 0.1, "patience": 1, "cooldown": 2, "min_lr": 0.005},
    "absolute threshold": {"threshold": 0.2, "threshold_mode": "abs", "patience": 0, "factor": 0.5},
}
CURVE = [1.0, 0.8, 0.7, 0.69, 0.695, 0.7, 0.71, 0.5, 0.5, 0.5, 0.5, 0.51, 0.49, 0.6, 0.6, 0.6, 0.6, 0.3, 0.31, 0.3]

print(
    json.dumps(
        {
            "told": TOLD,
            "weights": {name: follow(make) for name, make in OPTIMIZERS.items()},
            "schedules": {name: rates(make, 25) for name, make in SCHEDULES.items()},
            "curve": CURVE,
            "plateaus": {
                name: rates(lambda o: schedulers.ReduceLROnPlateau(o, **options), len(CURVE), lambda step: CURVE[step])
                for name, options in PLATEAUS.items()
            },
        }
    )
)
