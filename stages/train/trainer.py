"""transformers' Trainer with the loss of completions and packed batches."""

from functools import partial
from pathlib import Path
from typing import Any, cast

import torch
from accelerate.data_loader import prepare_data_loader
from datasets import Dataset
from torch import Tensor, nn
from torch.utils.data import DataLoader
from transformers import EarlyStoppingCallback, Trainer, TrainerCallback, TrainingArguments

from stages.common.llm import metal
from stages.common.llm.loss import token_nll
from stages.common.llm.packing import Pack
from stages.common.llm.ranks import own, together
from stages.shell.errors import UserError
from stages.shell.rank import is_first, n_ranks
from stages.train.params import TrainParams
from stages.train.sealing import ADAPTER, Sealing, damaged, state_of
from stages.train.tokens import collate, pack_of


class PackedTrainer(Trainer):
    """Trains on packs, and validates by the mean over tokens, not over batches."""

    def __init__(self, records_per_pack: int, model: Any, **kwargs: Any) -> None:
        model.forward = partial(summed_nll, model)  # DDP joins gradients of what its forward computed
        super().__init__(model=model, **kwargs)
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
        return model(inputs["pack"]) * inputs["weight"] / num_items_in_batch

    def get_train_dataloader(self) -> DataLoader[Any]:
        """All records in the order of one process; `collate` takes this process's part.

        By default each process would read every n-th pack, and some records twice at the end of an epoch.
        """
        data, size = cast(Dataset, self.train_dataset), self.args.train_batch_size
        loader = DataLoader(data, size, sampler=self._get_train_sampler(data), collate_fn=collate)
        prepared: DataLoader[Any] = prepare_data_loader(
            loader,
            self.args.device,
            num_processes=1,
            process_index=0,
            put_on_device=True,
            use_seedable_sampler=True,
            data_seed=self.args.data_seed,
        )
        return prepared

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

    def _save_rng_state(self, output_dir: str) -> None:
        """In one file, whatever the number of processes: several use no random numbers."""
        if is_first():
            super()._save_rng_state(output_dir)
            for file in Path(output_dir).glob("rng_state_*.pth"):
                file.rename(file.with_name("rng_state.pth"))

    def _load_best_model(self) -> None:
        if not is_first():  # who writes the adapter
            return
        best = Path(self.state.best_model_checkpoint or "")
        if names := damaged(best, ADAPTER):
            raise UserError(
                f"{best}: damaged since it was saved: {', '.join(names)}; it holds the best adapter\n"
                "Check the disk, then run again: the training returns to the last whole checkpoint"
            )
        super()._load_best_model()


def summed_nll(model: Any, pack: Pack) -> Tensor:
    """Nats of all completion tokens of a pack: what is trained on, before it is scaled."""
    return token_nll(model, pack)[0].sum()


@torch.no_grad()
def mean_loss(model: Any, dataset: Any, records_per_pack: int) -> float:
    """Nats per completion token over a dataset, the same number in every process."""
    was_training = model.training
    model.eval()
    found = {}
    for start in own(range(0, len(dataset), records_per_pack)):
        nll, _ = token_nll(model, pack_of(dataset, start, records_per_pack))
        found[start] = (nll.double() if metal.has_float64(nll.device) else nll).sum().item(), len(nll)
    model.train(was_training)
    found = together(found)
    totals, counts = zip(*(found[start] for start in sorted(found)), strict=True)
    return float(sum(totals) / sum(counts))


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
        model,
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
    args = TrainingArguments(
        output_dir=work,
        max_steps=params.steps,
        per_device_train_batch_size=params.records_per_pack * n_ranks(),  # as `get_train_dataloader` reads it
        gradient_accumulation_steps=params.packs_per_step // n_ranks(),
        average_tokens_across_devices=False,  # `collate` counts those of all processes
        ddp_find_unused_parameters=False,
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
    args._n_gpu = min(args.n_gpu, 1)  # one process would split twice the batch between all cards it sees
    return args
