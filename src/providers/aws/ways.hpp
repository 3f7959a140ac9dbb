// The single ways of the chain; each answers nothing where the configuration has nothing for it.
#pragma once

#include <optional>
#include <string>

#include "providers/aws/chain.hpp"

namespace hearth::providers::aws {

// What every way looks at.
struct Search {
    const Question& question;
    std::string name;       // The profile's.
    SharedSection profile;  // Has nothing where neither file has it.
    // A profile that was named, or one that a role rests on: its own settings alone.
    bool variables_count = true;

    [[nodiscard]] const Variables& variables() const noexcept { return question.variables; }
    [[nodiscard]] bool has(const char* key) const { return profile.has(key); }
};

using MaybePlan = Result<std::optional<Plan>>;

MaybePlan environment_keys(const Search& search);
MaybePlan assumed_role(const Search& search);
MaybePlan web_identity(const Search& search);
MaybePlan identity_center(const Search& search);
MaybePlan keys_of_credentials_file(const Search& search);
MaybePlan console_login(const Search& search);
MaybePlan process(const Search& search);
MaybePlan keys_of_config_file(const Search& search);
MaybePlan container(const Search& search);
MaybePlan instance_metadata(const Search& search);

// What a profile says for itself, in the chain's order; nothing of the environment or the machine.
MaybePlan own_ways(const Search& search);

// What `credential_source` may name.
Result<Plan> environment_plan(const Variables& variables);
Plan container_plan(const ContainerVariables& variables);
Result<Plan> metadata_plan(const Search& search);

// aws_access_key_id or aws_secret_access_key, in either file.
bool has_keys(const SharedSection& profile);

}  // namespace hearth::providers::aws
