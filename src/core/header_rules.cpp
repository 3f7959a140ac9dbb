#include "core/header_rules.hpp"

namespace hearth {

std::vector<HeaderRule> header_rules(std::string_view provider, Credential::Kind kind) {
    using Merge = HeaderRule::Merge;
    if (provider != "claude") return {};
    std::vector<HeaderRule> rules{{"anthropic-version", anthropic_version, Merge::if_absent}};
    if (kind == Credential::Kind::bearer)
        rules.push_back({"anthropic-beta", anthropic_oauth_beta, Merge::append_list});
    return rules;
}

}  // namespace hearth
