#include "importing/finding.hpp"

#include <algorithm>
#include <array>

#include "core/name.hpp"

namespace hearth::importing {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, tools> words{"ant", "aws", "gcloud", "gh", "oidc-agent"};

constexpr std::size_t longest_shown = 512;

}  // namespace

std::string_view to_string(Tool tool) noexcept {
    return words.at(static_cast<std::size_t>(std::to_underlying(tool)));
}

std::optional<Tool> tool_called(std::string_view word) noexcept {
    const auto* const found = std::ranges::find(words, word);
    if (found == words.end()) return {};
    return static_cast<Tool>(found - words.begin());
}

Finding refused(Finding finding, std::string_view obstacle, std::string_view hint) {
    finding.offer.reset();
    finding.name.clear();
    finding.release.clear();
    finding.obstacle = obstacle;
    finding.hint = hint;
    return finding;
}

std::string profile_name(std::string_view text, std::string_view otherwise) {
    return std::string(ProfileName::parse(text) ? text : otherwise);
}

std::string shown(const json::View& object, std::string_view member) {
    auto text = object[member].text();
    if (text.size() > longest_shown) text.clear();
    return text;
}

std::optional<Instant> from_unix_seconds(std::optional<std::int64_t> seconds) {
    constexpr std::int64_t year_9999 = 253'402'300'799;
    if (!seconds || *seconds <= 0 || *seconds > year_9999) return {};
    return Instant(std::chrono::seconds(*seconds));
}

std::optional<Secret> secret_in(const json::View& object, std::string_view member) {
    auto text = object[member].secret();
    if (text.empty()) return {};
    return text;
}

}  // namespace hearth::importing
