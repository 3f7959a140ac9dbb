// What a command that is run with credentials finds in its environment. docs/exec.md has the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hearth/secret.hpp"

namespace hearth::cli {

struct Variable {
    std::string name;
    Secret value;
};

// Whether the variable carries or names a credential, or says which of them programs use: the
// command does not get it from whoever started hearth.
bool taken_out(std::string_view name) noexcept;

// What is set for every command.
std::vector<Variable> variables_of_exec();

// What a Claude program looks at. `base_url` is empty for Anthropic's own.
std::vector<Variable> claude_variables(std::string_view token_type, const Secret& token,
                                       std::string_view base_url);

struct AwsDoor {
    std::string url;
    Secret authorization;
    std::string region;  // Empty where nothing says: then what is set stays.
};
// What AWS's SDKs look at: the endpoint, and nothing that would come before it.
std::vector<Variable> aws_variables(const AwsDoor& door);
// That Claude programs are to use the AWS account.
Variable claude_by_bedrock();

struct GoogleDoor {
    std::string address;        // HOST:PORT of the metadata server.
    std::string folder;         // An empty one, in the place of gcloud's.
    std::string project;        // Empty where nothing says: then what is set stays.
    std::string quota_project;  // The same.
    std::string unproxied;      // What NO_PROXY says now.
};
// What Google's libraries look at: the metadata server, and nothing that would come before it.
std::vector<Variable> google_variables(const GoogleDoor& door);
// That Claude programs are to use the Google account.
std::vector<Variable> claude_by_vertex(std::string_view project);

}  // namespace hearth::cli
