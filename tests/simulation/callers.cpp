#include "simulation/callers.hpp"

#include <utility>

namespace hearth::simulation {

using namespace std::chrono_literals;

std::optional<Version> Callers::working(Process& process, const ProfileName& profile) {
    const auto credential = process.engine().warm(profile, Span(1));
    if (!credential) return {};
    return credential->version();
}

Question Callers::ready(Process& process, const ProfileName& profile,
                        const session::Demand& demand) {
    const auto& now = process.engine().settings().profiles;
    const auto settings = now.find(profile);
    const bool known = settings != now.end();
    const Place place{process.host().number(),
                      known ? settings->second->session.text() : profile.text()};
    return Question{.who = process.name() + " for " + profile.text(),
                    .profile = profile,
                    .place = place,
                    .policy = known ? settings->second->renewal : RenewalPolicy{},
                    .min_remaining = demand.min_remaining,
                    .asked_at = witness_.scene.timeline.now(),
                    .deadline = process.host().now().boot + demand.patience,
                    .warm = process.engine().warm(profile, demand.min_remaining) != nullptr,
                    .working = working(process, profile),
                    .good = promises_.never_lost.good(place),
                    .mishaps = witness_.ledgers.of(place).mishaps,
                    .failed_reads = process.failed_reads};
}

std::uint64_t Callers::begin(Process& process, Question question, Span patience, Answered told) {
    const auto number = next_++;
    open_.emplace(std::pair(process.number(), number),
                  Open{std::move(question), nullptr, std::move(told)});
    watch(process, number, patience + 3s);
    return number;
}

// Late is whoever is not answered in time although the machine was awake.
void Callers::watch(Process& process, std::uint64_t number, Span patience) {
    process.later(patience, [this, &process, number] {
        if (!open_.contains({process.number(), number})) return;
        process.later(3s, [this, &process, number] {
            const auto found = open_.find({process.number(), number});
            if (found != open_.end()) promises_.patient.overdue(found->second.question);
        });
    });
}

void Callers::ask(Process& process, const ProfileName& profile, const session::Demand& demand,
                  Answered told) {
    auto question = ready(process, profile, demand);
    const auto status = process.engine().status(profile);
    if (status) promises_.fresh.asked(question, process.host(), status->version);
    witness_.scene.trace.note(process.name(), "is asked for ", profile.text(),
                              question.warm ? ", warm" : "");
    const auto number = begin(process, std::move(question), demand.patience, std::move(told));
    auto ticket = process.engine().credential(
        profile, demand, [this, &process, number](Result<CredentialPtr> result) {
            end(process, number, std::move(result));
        });
    open_.at({process.number(), number}).ticket = std::move(ticket);
}

void Callers::reject(Process& process, const ProfileName& profile, const std::string& token,
                     const session::Demand& demand) {
    auto question = ready(process, profile, demand);
    question.rejected = token;
    question.warm = false;
    witness_.scene.trace.note(process.name(), "hears that ", token, " was rejected");
    const auto number = begin(process, std::move(question), demand.patience, {});
    auto ticket = process.engine().rejected(profile, Secret(token), demand,
                                            [this, &process, number](Result<CredentialPtr> result) {
                                                end(process, number, std::move(result));
                                            });
    open_.at({process.number(), number}).ticket = std::move(ticket);
}

void Callers::end(Process& process, std::uint64_t number, Result<CredentialPtr> result) {
    auto node = open_.extract({process.number(), number});
    if (node.empty()) return;
    const auto& question = node.mapped().question;
    const auto& scene = witness_.scene;
    auto& last = last_[{process.number(), question.profile.text()}];
    if (!result && scene.plant == Plant::expired_token_handed_out && last) result = last;
    if (result) last = *result;
    const Reply reply{.result = result,
                      .decided_at = process.posted_at(),
                      .working = working(process, question.profile),
                      .failed_reads = process.failed_reads};
    witness_.scene.trace.note(process.name(), "answers ",
                              result ? (*result)->token().reveal() : result.error().what);
    // Whoever changed the settings meanwhile may have changed the session behind the profile.
    const auto& profiles = process.engine().settings().profiles;
    const auto now = profiles.find(question.profile);
    if (now != profiles.end() && now->second->session.text() == question.place.session) {
        promises_.fresh.answered(question, reply, process.host());
        promises_.patient.answered(question, reply);
        promises_.never_lost.answered(question, reply);
    }
    if (node.mapped().told) node.mapped().told(result.has_value());
}

void Callers::leave(Process& process) {
    const auto found = open_.lower_bound({process.number(), 0});
    if (found == open_.end() || found->first.first != process.number()) return;
    witness_.scene.reached(Reached::caller_gone);
    open_.erase(found);
}

void Callers::died(int process) {
    std::erase_if(open_, [&](const auto& one) { return one.first.first == process; });
    std::erase_if(last_, [&](const auto& one) { return one.first.first == process; });
}

std::optional<std::string> Callers::last(const Process& process, const ProfileName& profile) const {
    const auto found = last_.find({process.number(), profile.text()});
    if (found == last_.end() || !found->second) return {};
    return std::string(found->second->token().reveal());
}

}  // namespace hearth::simulation
