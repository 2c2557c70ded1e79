/**
 * Compensated summation (Kahan, with Neumaier's improvement): keeps the low bits that adding a
 * small number to a large one loses. Operation order is Prometheus', so that sums agree bit by bit.
 * Source: Prometheus 3.14, util/kahansum
 */
export class KahanSum {
  sum = 0;
  /** What `sum` is short of. */
  compensation = 0;

  add(value: number): void {
    const total = this.sum + value;
    if (total === Infinity || total === -Infinity) this.compensation = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) {
      this.compensation += this.sum - total + value;
    } else this.compensation += value - total + this.sum;
    this.sum = total;
  }

  get value(): number {
    const { sum } = this;
    return sum === Infinity || sum === -Infinity ? sum : sum + this.compensation;
  }

  scale(factor: number): void {
    this.sum *= factor;
    this.compensation *= factor;
  }
}

/**
 * A mean that does not overflow: a compensated sum for as long as that stays finite, from there
 * on an incremental mean.
 */
export class Mean {
  #total = new KahanSum();
  #mean: KahanSum | undefined;
  count = 0;

  add(value: number): void {
    this.count += 1;
    if (this.#mean === undefined) {
      const { sum, compensation } = this.#total;
      this.#total.add(value);
      if (this.count === 1 || Number.isFinite(this.#total.sum) || Number.isNaN(this.#total.sum)) {
        return;
      }
      this.#mean = new KahanSum();
      this.#mean.sum = sum / (this.count - 1);
      this.#mean.compensation = compensation / (this.count - 1);
    }
    this.#mean.scale((this.count - 1) / this.count);
    this.#mean.add(value / this.count);
  }

  get value(): number {
    if (this.#mean !== undefined) return this.#mean.sum + this.#mean.compensation;
    return this.#total.sum / this.count + this.#total.compensation / this.count;
  }
}
