# The services of the chatbot, which are not on moto.

resource "aws_apprunner_vpc_connector" "app" {
  vpc_connector_name = "${local.name}-connector"
  subnets            = local.connector_subnets
  security_groups    = [aws_security_group.connector.id]
  tags               = local.tags
}

resource "aws_apprunner_auto_scaling_configuration_version" "web" {
  for_each                        = toset(["prod"])
  auto_scaling_configuration_name = "${local.name}-${each.key}"
  max_concurrency                 = 100
  min_size                        = 1
  max_size                        = 3
  tags                            = local.tags
}

resource "aws_apprunner_service" "web" {
  for_each                       = toset(["prod"])
  service_name                   = "${local.name}-${each.key}"
  auto_scaling_configuration_arn = aws_apprunner_auto_scaling_configuration_version.web[each.key].arn
  source_configuration {
    auto_deployments_enabled = false
    authentication_configuration {
      access_role_arn = aws_iam_role.access.arn
    }
    image_repository {
      image_identifier      = "${aws_ecr_repository.app.repository_url}:latest"
      image_repository_type = "ECR"
      image_configuration {
        port                          = "3000"
        runtime_environment_variables = { AUTH_TRUST_HOST = "true" }
        runtime_environment_secrets = {
          AUTH_SECRET  = aws_secretsmanager_secret.auth_secret.arn
          POSTGRES_URL = aws_secretsmanager_secret.postgres_url.arn
        }
      }
    }
  }
  instance_configuration {
    cpu               = "1024"
    memory            = "2048"
    instance_role_arn = aws_iam_role.instance.arn
  }
  health_check_configuration {
    protocol            = "HTTP"
    path                = "/api/health"
    interval            = 20
    timeout             = 20
    healthy_threshold   = 1
    unhealthy_threshold = 20
  }
  network_configuration {
    egress_configuration {
      egress_type       = "VPC"
      vpc_connector_arn = aws_apprunner_vpc_connector.app.arn
    }
  }
  tags = local.tags
  depends_on = [
    aws_iam_role_policy_attachment.access,
    aws_iam_role_policy.secrets,
    aws_secretsmanager_secret_version.auth_secret,
    aws_secretsmanager_secret_version.postgres_url,
    aws_vpc_endpoint.service,
  ]
}
