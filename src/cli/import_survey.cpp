#include "cli/import_survey.hpp"

#include <algorithm>
#include <functional>

#include "cli/own_file.hpp"
#include "cli/project.hpp"
#include "cli/prompt.hpp"
#include "core/try.hpp"
#include "importing/ant.hpp"
#include "importing/aws.hpp"
#include "importing/gcloud.hpp"
#include "importing/gh.hpp"
#include "importing/oidc_agent.hpp"

namespace hearth::cli {
namespace {

using importing::Finding;
using importing::Tool;
using Findings = std::vector<Finding>;

constexpr std::size_t size_limit = 256UL * 1024;

// The variable as a path; empty where it is not set or not absolute.
std::string variable(const Environment& environment, std::string_view name) {
    auto value = environment(name);
    return value && value->starts_with('/') ? *std::move(value) : std::string();
}

std::string below_home(const Environment& environment, std::string_view path) {
    const auto home = variable(environment, "HOME");
    return home.empty() ? home : home + "/" + std::string(path);
}

std::string within(std::string folder, std::string_view name) {
    folder += '/';
    folder += name;
    return folder;
}

// What the variable names, or the usual place in the home folder.
std::string place(const Environment& environment, std::string_view name, std::string_view path) {
    auto own = variable(environment, name);
    return own.empty() ? below_home(environment, path) : own;
}

// What the tool keeps in the folder of settings that the desktop says.
std::string in_settings(const Environment& environment, std::string_view path) {
    const auto folder = variable(environment, "XDG_CONFIG_HOME");
    return folder.empty() ? below_home(environment, ".config/" + std::string(path))
                          : folder + "/" + std::string(path);
}

Finding unreadable(Tool tool, const std::string& path, const std::string& problem) {
    return importing::refused(Finding{.tool = tool, .path = path, .what = "a file"},
                              "it " + problem,
                              problem == "is a symbolic link"
                                  ? "hearth import " + std::string(to_string(tool)) + " --file FILE"
                                  : "");
}

void add_warning(Finding& finding, const OwnFile& file) {
    if (file.readable_by_others)
        finding.warnings.push_back("others may read this file: chmod 600 " + finding.path);
}

// Reads the file, where there is one, and adds what `parse` finds in it.
void look_at(Findings& findings, Tool tool, const std::string& path,
             const std::function<Findings(const Secret&)>& parse) {
    if (path.empty()) return;
    const auto file = own_file(path, size_limit);
    if (!file) return;
    if (!file->problem.empty()) {
        findings.push_back(unreadable(tool, path, file->problem));
        return;
    }
    for (auto& finding : parse(file->text)) {
        finding.path = path;
        add_warning(finding, *file);
        findings.push_back(std::move(finding));
    }
}

Findings just(Finding finding) {
    Findings one;
    one.push_back(std::move(finding));
    return one;
}

void look_into(Findings& findings, Tool tool, const std::string& folder,
               const std::function<Findings(const Secret&)>& parse) {
    if (folder.empty()) return;
    for (const auto& name : names_in(folder)) {
        if (name.ends_with(".json")) look_at(findings, tool, within(folder, name), parse);
    }
}

// A profile of Anthropic's tools: two files of one name.
void look_at_ant(Findings& findings, const std::string& folder, const std::string& name) {
    const auto config_path = folder + "/configs/" + name + ".json";
    const auto config = own_file(config_path, size_limit);
    if (config && !config->problem.empty()) {
        findings.push_back(unreadable(Tool::ant, config_path, config->problem));
        return;
    }
    const auto text = config ? config->text.reveal() : std::string_view();
    auto path = importing::ant_credentials_path(text);
    if (!path.starts_with('/')) path = folder + "/credentials/" + name + ".json";
    auto file = own_file(path, size_limit);
    if (file && !file->problem.empty()) {
        findings.push_back(unreadable(Tool::ant, path, file->problem));
        return;
    }
    auto finding =
        importing::ant_profile(name, text, file ? std::optional(file->text.clone()) : std::nullopt);
    finding.path = file ? path : config_path;
    if (file) add_warning(finding, *file);
    findings.push_back(std::move(finding));
}

void look_for_ant(Findings& findings, const Environment& environment) {
    std::vector<std::string> folders{variable(environment, "ANTHROPIC_CONFIG_DIR")};
    // Not all of its libraries know both.
    if (folders.front().empty())
        folders = {in_settings(environment, "anthropic"),
                   below_home(environment, ".config/anthropic")};
    if (folders.back() == folders.front()) folders.resize(1);
    for (const auto& folder : folders) {
        if (folder.empty()) continue;
        auto names = names_in(folder + "/configs");
        for (auto& name : names_in(folder + "/credentials")) names.push_back(std::move(name));
        std::ranges::sort(names);
        names.erase(std::ranges::unique(names).begin(), names.end());
        for (auto& name : names) {
            if (!name.ends_with(".json")) continue;
            name.resize(name.size() - 5);
            if (importing::is_ant_profile_name(name)) look_at_ant(findings, folder, name);
        }
    }
}

Findings sso_token(const Secret& text) {
    auto finding = importing::aws_sso_token(text);
    return finding ? just(*std::move(finding)) : Findings();
}

void look_for_aws(Findings& findings, const Environment& environment) {
    constexpr auto tool = Tool::aws;
    look_at(findings, tool, place(environment, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"),
            importing::aws_keys);
    look_at(findings, tool, place(environment, "AWS_CONFIG_FILE", ".aws/config"),
            importing::aws_keys);
    look_into(findings, tool, below_home(environment, ".aws/sso/cache"), sso_token);
    look_into(findings, tool, below_home(environment, ".aws/cli/cache"),
              [](const Secret& text) { return just(importing::aws_role(text)); });
    look_into(findings, tool, place(environment, "AWS_LOGIN_CACHE_DIRECTORY", ".aws/login/cache"),
              [](const Secret& text) { return just(importing::aws_login(text)); });
}

void look_for_gcloud(Findings& findings, const Environment& environment) {
    constexpr std::string_view name = "/application_default_credentials.json";
    const auto parse = [](const Secret& text) {
        return just(importing::application_default(text));
    };
    const auto named = variable(environment, "GOOGLE_APPLICATION_CREDENTIALS");
    const auto folder = place(environment, "CLOUDSDK_CONFIG", ".config/gcloud");
    const auto usual = folder.empty() ? folder : folder + std::string(name);
    look_at(findings, Tool::gcloud, named, parse);
    if (usual != named) look_at(findings, Tool::gcloud, usual, parse);
}

void look_for_gh(Findings& findings, const Environment& environment) {
    const auto own = variable(environment, "GH_CONFIG_DIR");
    const auto folder = own.empty() ? in_settings(environment, "gh") : own;
    if (!folder.empty()) look_at(findings, Tool::gh, folder + "/hosts.yml", importing::gh_hosts);
}

void look_for_oidc_agent(Findings& findings, const Environment& environment) {
    std::vector<std::string> folders{variable(environment, "OIDC_CONFIG_DIR")};
    if (folders.front().empty())
        folders = {below_home(environment, ".config/oidc-agent"),
                   below_home(environment, ".oidc-agent")};
    for (const auto& folder : folders) {
        for (const auto& name : names_in(folder)) {
            // Its settings and its lists of issuers and clients lie beside the accounts.
            const bool account = name != "config" && !name.contains(".config") &&
                                 !importing::profile_name(name, "").empty();
            if (!account) continue;
            look_at(findings, Tool::oidc_agent, within(folder, name), [&](const Secret& text) {
                return just(importing::oidc_agent_account(name, text));
            });
        }
    }
}

Findings found_in(Tool tool, const Secret& text) {
    switch (tool) {
        case Tool::ant:
            return just(importing::ant_profile("default", "", text.clone()));
        case Tool::aws:
            return text.reveal().starts_with('{') ? sso_token(text) : importing::aws_keys(text);
        case Tool::gcloud:
            return just(importing::application_default(text));
        case Tool::gh:
            return importing::gh_hosts(text);
        case Tool::oidc_agent:
            return just(importing::oidc_agent_account("NAME", text));
    }
    return {};
}

}  // namespace

std::vector<Finding> survey(const Environment& environment, std::span<const Tool> tools) {
    Findings findings;
    for (const auto tool : tools) {
        switch (tool) {
            case Tool::ant:
                look_for_ant(findings, environment);
                break;
            case Tool::aws:
                look_for_aws(findings, environment);
                break;
            case Tool::gcloud:
                look_for_gcloud(findings, environment);
                break;
            case Tool::gh:
                look_for_gh(findings, environment);
                break;
            case Tool::oidc_agent:
                look_for_oidc_agent(findings, environment);
                break;
        }
    }
    return findings;
}

Result<std::vector<Finding>> survey_file(Tool tool, const std::string& path) {
    if (path == "-") {
        const auto text = HEARTH_TRY(read_input(size_limit));
        auto findings = found_in(tool, text);
        for (auto& finding : findings) finding.path = "stdin";
        return findings;
    }
    Findings findings;
    // A path that somebody typed may be a link.
    look_at(findings, tool, whole_path(path),
            [tool](const Secret& text) { return found_in(tool, text); });
    if (!findings.empty()) return findings;
    return std::unexpected(Error{
        Remedy::usage, "there is nothing of " + std::string(to_string(tool)) + " in " + path, ""});
}

}  // namespace hearth::cli
