#include "agent/helper_desk.hpp"

#include <algorithm>
#include <utility>

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;
using Kind = sources::HelperTrouble::Kind;

// An output older than its time to live is handed out for so long.
constexpr Span stale_for = 1h;
// Whoever was told to run it behind an answer is there by then, or somebody else is told.
constexpr Span time_to_come = 10s;
constexpr Span pause_after_failure = 10s;
constexpr Span rejected_for = 60s;

}  // namespace

const HelperDesk::Output* HelperDesk::usable(const Question& question, Span now) const noexcept {
    // Without a time to live nothing is kept, not even for a moment.
    if (!output_ || question.ttl <= Span{}) return nullptr;
    if (output_->until) return now < *output_->until ? &*output_ : nullptr;
    return now - output_->at <= question.ttl + stale_for ? &*output_ : nullptr;
}

HelperDesk::Effects HelperDesk::ask(const Question& question, Span now) {
    const auto* const output = usable(question, now);
    if (output == nullptr) return run_or_wait(question, now);
    Effects effects;
    const bool stale = !output->until && now - output->at > question.ttl;
    if (stale && question.runs && !running_ && now >= not_behind_before_) {
        running_ = Running{.by = 0, .until = now + time_to_come};
        effects.emplace_back(RunBehind{question.asker});
    }
    effects.emplace_back(Answer{question.asker, output->token.clone()});
    return effects;
}

HelperDesk::Effects HelperDesk::run_or_wait(const Question& question, Span now) {
    const bool somebody_runs = running_ && running_->by != 0;
    Effects effects;
    if (!somebody_runs && !question.runs) {
        effects.emplace_back(Refuse{question.asker, {.kind = Kind::nobody}});
        return effects;
    }
    waiting_.push_back({.question = question, .asked = !somebody_runs});
    if (somebody_runs) return effects;
    running_ = Running{.by = question.asker, .until = now + question.limit + time_to_report};
    effects.emplace_back(Run{question.asker});
    return effects;
}

HelperDesk::Effects HelperDesk::rejected(const Question& question, const Secret& token, Span now) {
    if (output_ && !same_secret(output_->token, token)) return ask(question, now);
    const bool known = rejected_ && now < rejected_->until && same_secret(rejected_->token, token);
    if (known && rejected_->given_again) {
        Effects effects;
        effects.emplace_back(Refuse{question.asker, {.kind = Kind::same_again}});
        return effects;
    }
    if (!known) rejected_ = Rejected{.token = token.clone(), .until = now + rejected_for};
    output_.reset();
    return run_or_wait(question, now);
}

HelperDesk::Effects HelperDesk::refresh(const Question& question, Span now) {
    if (running_ && running_->by == 0) {
        running_.reset();
        return run_or_wait(question, now);
    }
    // Too late, or somebody else runs it: nothing is left to do.
    Effects effects;
    if (output_) {
        effects.emplace_back(Answer{question.asker, output_->token.clone()});
    } else {
        effects.emplace_back(Refuse{question.asker, {.kind = Kind::stopped}});
    }
    return effects;
}

HelperDesk::Effects HelperDesk::reported(Asker asker, sources::HelperOutput output, Span now,
                                         std::optional<Span> good_for) {
    const auto who = std::ranges::find_if(waiting_, [asker](const Waiter& waiter) {
        return waiter.question.asker == asker && waiter.asked;
    });
    if (who == waiting_.end()) return {};
    if (output) return take(*std::move(output), now, good_for);
    const bool current = running_ && running_->by == asker;
    if (!current) {
        // Somebody else was asked in its place, and may do better.
        who->asked = false;
        return {};
    }
    running_.reset();
    not_behind_before_ = now + pause_after_failure;
    return refuse_all(output.error());
}

HelperDesk::Effects HelperDesk::take(Secret token, Span now, std::optional<Span> good_for) {
    running_.reset();
    if (rejected_ && now < rejected_->until && same_secret(rejected_->token, token)) {
        rejected_->given_again = true;
        return refuse_all({.kind = Kind::same_again});
    }
    output_ = Output{.token = std::move(token), .at = now, .until = {}};
    if (good_for) output_->until = now + *good_for;
    not_behind_before_ = {};
    Effects effects;
    for (const auto& waiter : std::exchange(waiting_, {}))
        effects.emplace_back(Answer{waiter.question.asker, output_->token.clone()});
    return effects;
}

HelperDesk::Effects HelperDesk::refuse_all(sources::HelperTrouble trouble) {
    Effects effects;
    for (const auto& waiter : std::exchange(waiting_, {}))
        effects.emplace_back(Refuse{waiter.question.asker, trouble});
    return effects;
}

HelperDesk::Effects HelperDesk::left(Asker asker, Span now) {
    std::erase_if(waiting_,
                  [asker](const Waiter& waiter) { return waiter.question.asker == asker; });
    if (!running_ || running_->by != asker) return {};
    return next_runner(now, {.kind = Kind::nobody});
}

HelperDesk::Effects HelperDesk::expire(Span now) {
    if (!running_ || now < running_->until) return {};
    if (running_->by == 0) {
        running_.reset();
        return {};
    }
    return next_runner(now, {.kind = Kind::time_limit});
}

HelperDesk::Effects HelperDesk::next_runner(Span now, sources::HelperTrouble otherwise) {
    running_.reset();
    const auto next = std::ranges::find_if(
        waiting_, [](const Waiter& waiter) { return waiter.question.runs && !waiter.asked; });
    if (next == waiting_.end()) return refuse_all(otherwise);
    next->asked = true;
    running_ =
        Running{.by = next->question.asker, .until = now + next->question.limit + time_to_report};
    Effects effects;
    effects.emplace_back(Run{next->question.asker});
    return effects;
}

void HelperDesk::expect_by(Span until) noexcept {
    if (running_) running_->until = until;
}

void HelperDesk::forget() noexcept { output_.reset(); }

std::optional<Span> HelperDesk::deadline() const noexcept {
    if (!running_) return std::nullopt;
    return running_->until;
}

std::optional<HelperDesk::Asker> HelperDesk::runner() const noexcept {
    if (!running_ || running_->by == 0) return std::nullopt;
    return running_->by;
}

const Secret* HelperDesk::output() const noexcept { return output_ ? &output_->token : nullptr; }

const Secret* HelperDesk::kept(Span now) const noexcept {
    return output_ && output_->until && now < *output_->until ? &output_->token : nullptr;
}

std::optional<Span> HelperDesk::age(Span now) const noexcept {
    if (!output_) return std::nullopt;
    return now - output_->at;
}

}  // namespace hearth::agent
