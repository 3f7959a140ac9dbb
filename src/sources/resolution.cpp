#include "sources/resolution.hpp"

#include <algorithm>

namespace hearth::sources {
namespace {

bool among(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

Found found_in(const Offer& offer, std::string_view helper, const Source& source) {
    if (source.place == Place::session) return Found::yes;
    if (source.place == Place::helper) return source.name == helper ? Found::yes : Found::no;
    if (among(offer.filled, source.name)) return Found::yes;
    return among(offer.empty, source.name) ? Found::empty : Found::no;
}

std::string why(const Step& step, const Source* winner) {
    if (step.found == Found::empty)
        return "it is set, but to nothing; unset it, or put a credential into it";
    if (step.used && step.source->callers())
        return "it was given to this process, and nothing that comes before it was";
    if (step.used && step.source->place == Place::helper)
        return "the profile names a helper, and nothing that comes before it was given";
    if (step.used) return "nothing was given to this process";
    if (winner != nullptr && step.found == Found::yes)
        return std::string(winner->name) + " comes before it";
    if (step.source->place == Place::helper) return "the profile does not set it";
    return step.source->place == Place::descriptor ? "no descriptor was given so" : "it is not set";
}

}  // namespace

Offer offer_of(const Environment& environment) {
    Offer offer;
    for (const auto& source : all()) {
        if (!source.callers()) continue;
        const auto value = environment(source.name);
        if (value) (value->empty() ? offer.empty : offer.filled).emplace_back(source.name);
    }
    return offer;
}

std::vector<Step> resolve(std::string_view provider, const Offer& offer, std::string_view helper) {
    std::vector<Step> steps;
    const Source* winner = nullptr;
    for (const auto& source : all()) {
        if (!source.serves(provider)) continue;
        Step step{.source = &source, .found = found_in(offer, helper, source)};
        step.used = winner == nullptr && step.found == Found::yes;
        if (step.used) winner = &source;
        step.why = why(step, winner);
        steps.push_back(std::move(step));
    }
    return steps;
}

const Source* before_session(const std::vector<Step>& steps) noexcept {
    const auto used = std::ranges::find_if(steps, &Step::used);
    const bool before = used != steps.end() && used->source->place != Place::session;
    return before ? used->source : nullptr;
}

const Source* callers_own(const std::vector<Step>& steps) noexcept {
    const auto* const source = before_session(steps);
    return source != nullptr && source->callers() ? source : nullptr;
}

}  // namespace hearth::sources
