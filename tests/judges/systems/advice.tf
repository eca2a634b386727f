locals {
  name = "friendly-advice-columnist"
}

resource "aws_ecr_repository" "app" {
  name = local.name
  image_scanning_configuration {
    scan_on_push = true
  }
  tags = { project = local.name }
}

resource "aws_ecr_lifecycle_policy" "app" {
  repository = aws_ecr_repository.app.name
  policy = jsonencode({ rules = [{
    rulePriority = 1
    description  = "Keep the last 5 images"
    selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 5 }
    action       = { type = "expire" }
  }] })
}

resource "aws_dynamodb_table" "conversations" {
  name         = "${local.name}-conversations"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "user_id"
  range_key    = "session_id"
  attribute {
    name = "user_id"
    type = "S"
  }
  attribute {
    name = "session_id"
    type = "S"
  }
  ttl {
    enabled        = true
    attribute_name = "ttl"
  }
  tags = { project = local.name }
}

resource "aws_iam_role" "access" {
  name = "${local.name}-apprunner-access"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "build.apprunner.amazonaws.com" }
  }] })
  tags = { project = local.name }
}

resource "aws_iam_role_policy_attachment" "access" {
  role       = aws_iam_role.access.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"
}

resource "aws_iam_role" "instance" {
  name = "${local.name}-apprunner-instance"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "tasks.apprunner.amazonaws.com" }
  }] })
  tags = { project = local.name }
}

resource "aws_iam_role_policy" "conversations" {
  name = "conversations"
  role = aws_iam_role.instance.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect   = "Allow"
    Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Query"]
    Resource = aws_dynamodb_table.conversations.arn
  }] })
}

resource "aws_iam_policy" "logs" {
  name   = "${local.name}-logs"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" }] })
  tags   = { project = local.name }
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.instance.name
  policy_arn = aws_iam_policy.logs.arn
}

resource "aws_cloudwatch_log_group" "audit" {
  name              = "/${local.name}/audit"
  retention_in_days = 30
  tags              = { project = local.name }
}

data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

resource "aws_apprunner_vpc_connector" "app" {
  vpc_connector_name = local.name
  subnets            = data.aws_subnets.default.ids
  security_groups    = ["sg-078818cff038f1d49"]
  tags               = { project = local.name }
}

resource "aws_apprunner_observability_configuration" "app" {
  observability_configuration_name = "friendly-advice"
  trace_configuration {
    vendor = "AWSXRAY"
  }
  tags = { project = local.name }
}

resource "aws_apprunner_auto_scaling_configuration_version" "app" {
  auto_scaling_configuration_name = "friendly-advice"
  min_size                        = 1
  max_size                        = 2
  max_concurrency                 = 50
  tags                            = { project = local.name }
  # A revision in use is not deleted: the service must have moved to the next one first.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_apprunner_service" "app" {
  service_name                   = local.name
  auto_scaling_configuration_arn = aws_apprunner_auto_scaling_configuration_version.app.arn
  source_configuration {
    auto_deployments_enabled = false
    authentication_configuration {
      access_role_arn = aws_iam_role.access.arn
    }
    image_repository {
      image_identifier      = "${aws_ecr_repository.app.repository_url}:latest"
      image_repository_type = "ECR"
      image_configuration {
        port = "8080"
        runtime_environment_variables = {
          ALLOWED_ORIGINS     = "https://advice.example.org"
          DYNAMODB_TABLE_NAME = aws_dynamodb_table.conversations.name
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
    interval            = 10
    timeout             = 5
    unhealthy_threshold = 5
  }
  network_configuration {
    egress_configuration {
      egress_type       = "VPC"
      vpc_connector_arn = aws_apprunner_vpc_connector.app.arn
    }
  }
  observability_configuration {
    observability_enabled           = true
    observability_configuration_arn = aws_apprunner_observability_configuration.app.arn
  }
  tags       = { project = local.name }
  depends_on = [aws_iam_role_policy_attachment.access]
}

resource "aws_apprunner_custom_domain_association" "app" {
  domain_name = "advice.example.org"
  service_arn = aws_apprunner_service.app.arn
}
