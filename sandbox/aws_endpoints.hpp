// The endpoints of the AWS face.
#pragma once

#include "sandbox/cloud.hpp"

namespace hearth::sandbox {

// aws_sts.cpp: AssumeRole, AssumeRoleWithWebIdentity, GetCallerIdentity, GetSessionToken.
Response sts_endpoint(Exchange& exchange);

// aws_machine.cpp: what containers and instances ask for.
Response container_endpoint(Exchange& exchange);
Response machine_token_endpoint(Exchange& exchange);
Response machine_data_endpoint(Exchange& exchange);

// aws_sso.cpp, and authorization.cpp for its page: IAM Identity Center's OIDC service.
Response sso_authorization_endpoint(Exchange& exchange);
Response sso_register_endpoint(Exchange& exchange);
Response sso_device_endpoint(Exchange& exchange);
Response sso_token_endpoint(Exchange& exchange);

// aws_portal.cpp: accounts, roles and their credentials for who is signed in.
Response portal_credentials_endpoint(Exchange& exchange);
Response portal_accounts_endpoint(Exchange& exchange);
Response portal_roles_endpoint(Exchange& exchange);
Response portal_logout_endpoint(Exchange& exchange);

// aws_bedrock.cpp: a model behind a signature or a key.
Response bedrock_endpoint(Exchange& exchange);

// aws_control.cpp: what a test asks of the AWS face itself.
Response aws_control_endpoint(Exchange& exchange);

// The route for a path of the AWS face; nothing when there is none. Some stand for all that begins
// alike.
const Route* find_aws_route(std::string_view path);
// The action that a request asks for, as far as its service names one: counts and faults know it.
std::string_view aws_action(const Route& route, const Request& request);
// The addresses, keys and roles that a program is told at the start.
boost::json::object aws_announcement(const State& state);

}  // namespace hearth::sandbox
