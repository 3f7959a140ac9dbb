#pragma once

#include "core/places.hpp"
#include "providers/aws/material.hpp"

namespace hearth::composition {

// AWS's files, and the variables of this process.
class AwsMaterial final : public providers::aws::Material {
  public:
    explicit AwsMaterial(Environment environment) : environment_(std::move(environment)) {}

    Result<Secret> file(const std::string& path, std::size_t limit) override;
    Result<providers::aws::Variables> variables() override;
    std::string home() override;
    std::string stamp(const std::string& path) override;
    Result<std::optional<Secret>> shared_file(const std::string& path, std::size_t limit) override;

  private:
    Environment environment_;
};

}  // namespace hearth::composition
