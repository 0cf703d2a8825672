"""transformers' Trainer with the loss of completions and packed batches."""

from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from torch import Tensor, nn
from transformers import EarlyStoppingCallback, Trainer, TrainerCallback, TrainingArguments

from stages.common.llm import metal
from stages.common.llm.loss import token_nll
from stages.shell.errors import UserError
from stages.train.params import TrainParams
from stages.train.sealing import ADAPTER, Sealing, damaged, state_of
from stages.train.tokens import collate, packs


class PackedTrainer(Trainer):
    """Trains on packs, and validates by the mean over tokens, not over batches."""

    def __init__(self, records_per_pack: int, **kwargs: Any) -> None:
        super().__init__(data_collator=collate, **kwargs)
        self.records_per_pack = records_per_pack
        self.model_accepts_loss_kwargs = True  # compute_loss divides by the tokens of the whole step

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Any:
        """The pack's part of the mean loss over all completion tokens of the optimizer step."""
        nll, _ = token_nll(model, inputs["pack"])
        return nll.sum() / (num_items_in_batch or len(nll))

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Validation loss: nats per completion token, every token of the split alike."""
        metrics = {"eval_loss": mean_loss(self.model, self.eval_dataset, self.records_per_pack)}
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics

    def finish_from(self, checkpoint: Path) -> None:
        """Do what `train` does after its last step; Trainer itself would train one step more."""
        self.state = state_of(checkpoint)
        self._load_best_model()

    def _load_best_model(self) -> None:
        best = Path(self.state.best_model_checkpoint or "")
        if names := damaged(best, ADAPTER):
            raise UserError(
                f"{best}: damaged since it was saved: {', '.join(names)}; it holds the best adapter\n"
                "Check the disk, then run again: the training returns to the last whole checkpoint"
            )
        super()._load_best_model()


@torch.no_grad()
def mean_loss(model: Any, dataset: Any, records_per_pack: int) -> float:
    """Nats per completion token over a dataset."""
    was_training = model.training
    model.eval()
    total, n_tokens = 0.0, 0
    for pack in packs(dataset, records_per_pack):
        nll, _ = token_nll(model, pack)
        total += (nll.double() if metal.has_float64(nll.device) else nll).sum().item()
        n_tokens += len(nll)
    model.train(was_training)
    return total / n_tokens


def make_trainer(
    model: Any,
    params: TrainParams,
    seed: int,
    splits: dict[str, Dataset],
    work: str,
    callbacks: list[TrainerCallback],
) -> PackedTrainer:
    """A trainer that keeps the adapter with the lowest validation loss."""
    device = next(model.parameters()).device
    callbacks = [Sealing(), *callbacks]
    if params.early_stopping is not None:
        callbacks = [*callbacks, EarlyStoppingCallback(params.early_stopping)]
    trainer = PackedTrainer(
        params.records_per_pack,
        model=model,
        args=_arguments(params, seed, work, device),
        train_dataset=splits["train"],
        eval_dataset=splits["validation"],
        callbacks=callbacks,
    )
    for silent in (c for c in trainer.callback_handler.callbacks if type(c).__name__ == "PrinterCallback"):
        trainer.remove_callback(type(silent))
    return trainer


def _arguments(params: TrainParams, seed: int, work: str, device: torch.device) -> TrainingArguments:
    every = min(params.evaluate_every, params.steps)
    return TrainingArguments(
        output_dir=work,
        max_steps=params.steps,
        per_device_train_batch_size=params.records_per_pack,
        gradient_accumulation_steps=params.packs_per_step,
        learning_rate=params.learning_rate,
        lr_scheduler_type=params.schedule,
        warmup_steps=params.warmup_steps,
        weight_decay=params.weight_decay,
        max_grad_norm=params.max_grad_norm,
        optim="adamw_torch",
        seed=seed,
        data_seed=seed,
        use_cpu=device.type == "cpu",
        torch_empty_cache_steps=metal.empty_cache_steps(device),
        eval_strategy="steps",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        load_best_model_at_end=True,
        restore_callback_states_from_checkpoint=True,  # early stopping counts on after a kill
        metric_for_best_model="eval_loss",
        greater_is_better=False,
        logging_strategy="steps",
        logging_steps=1,
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
    )
