// Which roles of AWS a sign-in to IAM Identity Center may take: aws_roles.
#pragma once

#include "agent/service.hpp"

namespace hearth::agent {

void aws_roles(Service& service, const CallPtr& call);

}  // namespace hearth::agent
