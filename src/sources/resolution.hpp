#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/places.hpp"
#include "sources/source.hpp"

namespace hearth::sources {

// The variables that a caller's process has, of those that name a source: never what is in them,
// which stays with the caller.
struct Offer {
    std::vector<std::string> filled;
    std::vector<std::string> empty;  // Exported, with nothing in it.

    [[nodiscard]] bool nothing() const noexcept { return filled.empty() && empty.empty(); }
};
Offer offer_of(const Environment& environment);

enum class Found : std::uint8_t { no, empty, yes };

// One source that was looked at.
struct Step {
    const Source* source = nullptr;
    Found found = Found::no;
    bool used = false;
    std::string why;  // For people, in a few words.
};

// Every source of the provider, in order; at most one is used. `helper` is the setting by which the
// profile names one; empty without. Whether there is a session is for the engine to say: its step
// is `used` when nothing comes before it.
std::vector<Step> resolve(std::string_view provider, const Offer& offer,
                          std::string_view helper = {});
// The source that is to be used before the session; null when it is that.
const Source* before_session(const std::vector<Step>& steps) noexcept;
// The same where it is the caller's own; else null.
const Source* callers_own(const std::vector<Step>& steps) noexcept;

}  // namespace hearth::sources
