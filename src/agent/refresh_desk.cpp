#include "agent/refresh_desk.hpp"

#include <algorithm>
#include <utility>

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;
using Kind = sources::HelperTrouble::Kind;

// A run that was not reported on by so long after its limit will not be.
constexpr Span time_to_report = 5s;
// What did not help does not help again so soon.
constexpr Span pause = 30s;

}  // namespace

void RefreshDesk::begin(const Question& question, Span now) {
    running_ = Running{.by = question.asker, .until = now + question.limit + time_to_report};
    lines_.clear();
}

RefreshDesk::Effects RefreshDesk::failed(const Question& question, Span now) {
    Effects effects;
    if (running_) {
        waiting_.push_back({.question = question});
        for (const auto& line : lines_) effects.emplace_back(Tell{question.asker, line});
    } else if (last_ && !*last_ && ended_at_ > question.asked) {
        // What failed was begun before it was mended.
        effects.emplace_back(TryAgain{question.asker});
    } else if (last_ && now < not_before_ && !question.insists) {
        effects.emplace_back(
            Refuse{question.asker, last_->value_or(sources::HelperTrouble{.kind = Kind::exited})});
    } else if (!question.runs) {
        effects.emplace_back(Refuse{question.asker, {.kind = Kind::nobody}});
    } else {
        waiting_.push_back({.question = question, .asked = true});
        begin(question, now);
        effects.emplace_back(Run{question.asker});
    }
    return effects;
}

RefreshDesk::Effects RefreshDesk::ran_elsewhere(Asker by, Span now) {
    return runner() == by ? end_all({}, now) : Effects();
}

RefreshDesk::Effects RefreshDesk::printed(Asker by, std::string_view line) {
    if (runner() != by) return {};
    auto shown = shown_line(line);
    Effects effects;
    for (const auto& waiter : waiting_) {
        if (waiter.question.asker != by) effects.emplace_back(Tell{waiter.question.asker, shown});
    }
    lines_.push_back(std::move(shown));
    if (lines_.size() > most_lines) lines_.pop_front();
    return effects;
}

RefreshDesk::Effects RefreshDesk::ended(Asker by, End end, Span now) {
    return runner() == by ? end_all(end, now) : Effects();
}

RefreshDesk::Effects RefreshDesk::end_all(End end, Span now) {
    running_.reset();
    last_ = end;
    ended_at_ = now;
    not_before_ = end ? now + pause : Span{};
    Effects effects;
    for (const auto& waiter : std::exchange(waiting_, {})) {
        if (end) {
            effects.emplace_back(Refuse{waiter.question.asker, *end});
        } else {
            effects.emplace_back(TryAgain{waiter.question.asker});
        }
    }
    return effects;
}

void RefreshDesk::failed_again(Span now) noexcept { not_before_ = now + pause; }

RefreshDesk::Effects RefreshDesk::left(Asker asker, Span now) {
    std::erase_if(waiting_,
                  [asker](const Waiter& waiter) { return waiter.question.asker == asker; });
    if (runner() != asker) return {};
    running_.reset();
    const auto next = std::ranges::find_if(
        waiting_, [](const Waiter& waiter) { return waiter.question.runs && !waiter.asked; });
    if (next == waiting_.end()) return end_all(sources::HelperTrouble{.kind = Kind::stopped}, now);
    next->asked = true;
    begin(next->question, now);
    return {Run{next->question.asker}};
}

RefreshDesk::Effects RefreshDesk::expire(Span now) {
    if (!running_ || now < running_->until) return {};
    return end_all(sources::HelperTrouble{.kind = Kind::time_limit}, now);
}

RefreshDesk::Effects RefreshDesk::reassure() const {
    Effects effects;
    if (!running_) return effects;
    for (const auto& waiter : waiting_) {
        if (waiter.question.asker != running_->by)
            effects.emplace_back(Tell{.to = waiter.question.asker, .line = {}});
    }
    return effects;
}

void RefreshDesk::expect_by(Span until) noexcept {
    if (running_) running_->until = until;
}

std::optional<Span> RefreshDesk::deadline() const noexcept {
    if (!running_) return std::nullopt;
    return running_->until;
}

std::optional<RefreshDesk::Asker> RefreshDesk::runner() const noexcept {
    if (!running_) return std::nullopt;
    return running_->by;
}

std::string shown_line(std::string_view line) {
    std::string shown;
    for (const char c : line.substr(0, RefreshDesk::longest_line)) {
        const bool control = (c >= '\0' && c < ' ') || c == '\x7F';
        if (!control) shown += c;
    }
    // Not in the middle of a character.
    const bool cut = line.size() > RefreshDesk::longest_line;
    while (cut && !shown.empty() && (static_cast<unsigned char>(shown.back()) & 0x80U) != 0)
        shown.pop_back();
    return shown;
}

}  // namespace hearth::agent
