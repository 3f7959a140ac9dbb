#include "importing/gh.hpp"

#include <algorithm>

namespace hearth::importing {
namespace {

// Of YAML no more is read than lines that begin with a host, and a user below it.
std::string_view value_of(std::string_view line, std::string_view key) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (!line.starts_with(key)) return {};
    line.remove_prefix(key.size());
    const auto begin = std::min(line.find_first_not_of(' '), line.size());
    const auto end = line.find_last_not_of(" \r");
    return end == std::string_view::npos || end < begin ? std::string_view()
                                                        : line.substr(begin, end - begin + 1);
}

bool names_host(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line.size() > 1 && line.size() < 256 && line.ends_with(':') &&
           line.find_first_of(" \t#\"'{}[]") == std::string_view::npos;
}

}  // namespace

std::vector<Finding> gh_hosts(const Secret& text) {
    std::vector<Finding> findings;
    auto rest = text.reveal();
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (names_host(line)) {
            Finding finding{.tool = Tool::gh, .path = {}, .what = "a sign-in to GitHub"};
            finding.server = line.substr(0, line.find(':'));
            findings.push_back(refused(std::move(finding),
                                       "hearth has no provider for GitHub yet, and this token "
                                       "does not need to be renewed",
                                       "gh auth token prints it"));
        } else if (!findings.empty()) {
            const auto user = value_of(line, "user:");
            if (!user.empty() && user.size() < 128) findings.back().account = user;
        }
    }
    return findings;
}

}  // namespace hearth::importing
