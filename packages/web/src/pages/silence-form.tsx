import { Button, Modal, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useDisclosure, useLocalStorage } from "@mantine/hooks";
import { type FormEvent, useState } from "react";
import { useCreateSilence } from "../api/hooks.ts";
import type { LabelSet } from "../api/types.ts";
import { durationTextMs } from "../model.ts";
import { parseMatchers, printMatchers } from "./matchers.ts";

const DURATIONS = ["30m", "1h", "2h", "4h", "8h", "1d", "3d", "7d"];

/** @param labels what the silence is proposed to match; none for a blank form */
export function SilenceButton({ labels }: { readonly labels?: LabelSet }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" variant={labels ? "default" : "filled"} onClick={open}>
        {labels ? "Silence" : "New silence"}
      </Button>
      <Modal opened={isOpen} onClose={close} title="New silence" size="md">
        <SilenceForm labels={labels ?? {}} onDone={close} />
      </Modal>
    </>
  );
}

function SilenceForm({ labels, onDone }: { readonly labels: LabelSet; onDone(): void }) {
  const create = useCreateSilence();
  const [createdBy, setCreatedBy] = useLocalStorage({ key: "pyrometer-author", defaultValue: "" });
  const [problem, setProblem] = useState("");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const parsed = parseMatchers(String(form.get("matchers")));
    setProblem("problem" in parsed ? parsed.problem : "");
    if ("problem" in parsed) return;
    create.mutate(
      {
        matchers: parsed.matchers,
        durationMs: durationTextMs(String(form.get("duration"))) ?? 0,
        createdBy,
        comment: String(form.get("comment")),
      },
      { onSuccess: onDone },
    );
  };
  const error = problem || create.error?.message;
  return (
    <form onSubmit={submit} className="form">
      <Textarea
        name="matchers"
        label="Matchers"
        description={'One a line: name="value", !=, =~, !~'}
        defaultValue={printMatchers(labels)}
        autosize
        minRows={3}
        classNames={{ input: "mono" }}
        required
      />
      <NativeSelect name="duration" label="For" data={DURATIONS} defaultValue="2h" />
      <TextInput
        label="Author"
        value={createdBy}
        onChange={(event) => setCreatedBy(event.currentTarget.value)}
        required
      />
      <TextInput name="comment" label="Why" required />
      {error !== undefined && error !== "" && (
        <p className="error-text" role="alert">
          {error}
        </p>
      )}
      <Button type="submit" loading={create.isPending}>
        Silence
      </Button>
    </form>
  );
}
