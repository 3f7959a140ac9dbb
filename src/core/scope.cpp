#include "core/scope.hpp"

#include <algorithm>

#include "core/try.hpp"

namespace hearth {
namespace {

// RFC 6749 appendix A.4: printable ASCII but for space, quote and backslash.
bool allowed(char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '\\'; }

}  // namespace

Result<Scopes> Scopes::parse(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return of(words);
}

Result<Scopes> Scopes::of(const std::vector<std::string>& scopes) {
    Scopes parsed;
    for (const auto& scope : scopes) {
        if (scope.empty() || !std::ranges::all_of(scope, allowed)) {
            return std::unexpected(
                Error{Remedy::usage, "a scope has a character that RFC 6749 does not allow",
                      "scopes are printable ASCII without spaces, quotes and backslashes"});
        }
        if (!parsed.contains(scope)) parsed.scopes_.push_back(scope);
    }
    return parsed;
}

bool Scopes::contains(std::string_view scope) const noexcept {
    return std::ranges::find(scopes_, scope) != scopes_.end();
}

Scopes Scopes::missing_from(const Scopes& granted) const {
    Scopes missing;
    std::ranges::copy_if(scopes_, std::back_inserter(missing.scopes_),
                         [&](const auto& scope) { return !granted.contains(scope); });
    return missing;
}

std::string Scopes::to_string() const {
    std::string text;
    for (const auto& scope : scopes_) {
        if (!text.empty()) text += ' ';
        text += scope;
    }
    return text;
}

}  // namespace hearth
