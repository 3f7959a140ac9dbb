#pragma once

#include <map>
#include <string>

#include "providers/google/material.hpp"

namespace hearth::providers::google {

// Files and variables that the test has put there.
class KnownMaterial : public Material {
  public:
    std::optional<std::string> variable(std::string_view name) override {
        const auto found = variables.find(std::string(name));
        if (found == variables.end()) return std::nullopt;
        return found->second;
    }
    Result<std::optional<Secret>> file(const std::string& path, std::size_t /*limit*/) override {
        const auto found = files.find(path);
        if (found == files.end()) return std::nullopt;
        ++reads;
        return Secret(found->second);
    }
    std::string stamp(const std::string& path) override {
        const auto found = files.find(path);
        return found == files.end() ? std::string() : "of " + std::to_string(found->second.size());
    }
    std::optional<Secret> printed(const ProfileName& /*profile*/) override {
        if (output.empty()) return std::nullopt;
        return Secret(output);
    }

    std::map<std::string, std::string> variables{{"HOME", "/home/robin"}};
    std::map<std::string, std::string> files;
    std::string output;
    int reads = 0;
};

}  // namespace hearth::providers::google
